"""How a folder begins: the files that `csprio init` writes, as bytes, and what it says of them."""
