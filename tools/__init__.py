"""What is run by hand to remake the data files that tocsin ships. Not part of the installed packages."""
