"""Reading files of strangers: any usual encoding and shape, in bounded memory, nothing believed."""
