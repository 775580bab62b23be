"""The studio that turns the vectors of MuseGAN one by one."""
