"""Tins and the plane that an autoencoder has laid them on."""
