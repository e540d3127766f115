"""Carriers: what they charge, the labels they sell, and what they say about parcels, in one vocabulary.

`protocols` says what a carrier can be asked, `types` what is told both ways, `readers` what answers look like, and a
folder per third party holds its adapter. Adapters translate; they decide nothing and write no rows of ours.
"""
