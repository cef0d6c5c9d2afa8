"""One app's screenshots per file, each with a `READER`; `extractors.registry` finds them."""
