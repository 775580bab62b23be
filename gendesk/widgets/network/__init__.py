"""What goes on in a network, drawn: values in colours, units, classes, and how numbers are spread."""
