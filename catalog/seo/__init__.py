"""What pages tell search engines: titles and descriptions, and the language a page really speaks."""
