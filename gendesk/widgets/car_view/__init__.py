"""A race to look at and to drive in: pictures, instruments, and what is said of it. See `view.CarView`."""
