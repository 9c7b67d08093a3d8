"""The workbook: a module for each thing it shows. `formats/xlsx.py` puts it together."""
