"""`make gazetteer`: from packages that may be redistributed to the data files of `enrich/`."""
