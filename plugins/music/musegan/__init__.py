"""MuseGAN: two bars in four voices at once, from ten vectors of noise."""
