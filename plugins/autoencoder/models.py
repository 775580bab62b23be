"""The networks of the family: an encoder and a decoder of convolutions, joined as AE or as VAE.

Architecture: Foster, Generative Deep Learning (1st edition), chapter 3, figures 3.5, 3.6 and 3.13.
"""

import torch
from torch import Generator, Tensor, nn

from gendesk.data.dataset import ImageInfo
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.nn import keras

from .config import AutoencoderConfig, DecoderLayer


def _block(convolution: nn.Module, filters: int, config: AutoencoderConfig) -> list[nn.Module]:
    """Return a convolution with what follows it, in the book's order: batch norm, LeakyReLU, dropout."""
    layers = [convolution]
    if config.batch_norm:
        layers.append(keras.batch_norm(filters))
    layers.append(keras.leaky_relu())
    if config.dropout:
        layers.append(nn.Dropout(config.dropout))
    return layers


def _growing(channels: int, filters: int, layer: DecoderLayer) -> nn.Module:
    kind = keras.UpsampledConv2d if layer.upsampling else keras.SameConvTranspose2d
    return kind(channels, filters, layer.kernel, layer.stride)


class Encoder(nn.Module):
    """Images (batch, channels, height, width) to `heads` vectors (batch, latent_size) each."""

    def __init__(self, config: AutoencoderConfig, info: ImageInfo, heads: int) -> None:
        super().__init__()
        self.trunk = nn.Sequential()
        channels, height, width = info.item_shape
        for layer in config.encoder:
            convolution = keras.SameConv2d(channels, layer.filters, layer.kernel, layer.stride)
            self.trunk.extend(_block(convolution, layer.filters, config))
            channels, height, width = layer.filters, -(-height // layer.stride), -(-width // layer.stride)
        self.shape = (channels, height, width)
        size = channels * height * width
        dense = config.dense
        self.dense = nn.Sequential(nn.Linear(size, dense), keras.leaky_relu()) if dense else nn.Identity()
        self.heads = nn.ModuleList(nn.Linear(dense or size, config.latent_size) for _ in range(heads))

    def forward(self, images: Tensor) -> list[Tensor]:
        features = self.dense(self.trunk(images).flatten(1))
        return [head(features) for head in self.heads]


class Decoder(nn.Module):
    """Codes (batch, latent_size) to logits (batch, channels, height, width); a sigmoid of them is the picture."""

    def __init__(self, config: AutoencoderConfig, info: ImageInfo, start: tuple[int, int, int]) -> None:
        super().__init__()
        self.start = start
        self.size = (info.height, info.width)
        channels, height, width = start
        size = channels * height * width
        dense, latent_size = config.dense, config.latent_size
        self.dense: nn.Module = nn.Linear(latent_size, size)
        if dense:
            hidden = nn.Linear(latent_size, dense)
            self.dense = nn.Sequential(hidden, keras.leaky_relu(), nn.Linear(dense, size), keras.leaky_relu())
        self.trunk = nn.Sequential()
        *hidden_layers, last = config.decoder
        for layer in hidden_layers:
            self.trunk.extend(_block(_growing(channels, layer.filters, layer), layer.filters, config))
            channels, height, width = layer.filters, height * layer.stride, width * layer.stride
        self.trunk.append(_growing(channels, info.channels, last))
        made = height * last.stride, width * last.stride
        if made[0] < info.height or made[1] < info.width:
            raise InputError(
                f"The decoder makes pictures of {made[1]}x{made[0]} pixels, but those of {info.name} have "
                f"{info.width}x{info.height}; give it as many strides of 2 as the encoder."
            )

    def forward(self, codes: Tensor) -> Tensor:
        maps = self.dense(codes).unflatten(1, self.start)
        logits: Tensor = self.trunk(maps)
        return logits[..., : self.size[0], : self.size[1]]


def convolutional(config: AutoencoderConfig, info: ImageInfo, *, heads: int) -> tuple[Encoder, Decoder]:
    """Make the two networks of the book's digits; raises InputError where they make too small pictures."""
    encoder = Encoder(config, info, heads)
    return encoder, Decoder(config, info, encoder.shape)


class Autoencoder(Model):
    """Encoder and decoder without any order in the latent space; it remembers the box that its codes lie in.

    `encoder` gives a list of vectors (batch, latent_size) for images, of which the first is the code; `decoder` gives
    logits (batch, channels, height, width) for codes.
    """

    lowest: Tensor
    highest: Tensor

    def __init__(self, encoder: nn.Module, decoder: nn.Module, latent_size: int) -> None:
        super().__init__()
        self.latent_size = latent_size
        self.encoder = encoder
        self.decoder = decoder
        self.register_buffer("lowest", torch.full((self.latent_size,), -1.0))
        self.register_buffer("highest", torch.full((self.latent_size,), 1.0))

    def encode(self, images: Tensor) -> Tensor:
        codes: Tensor = self.encoder(images)[0]
        return codes

    def decode(self, codes: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(codes))

    def reconstruct(self, images: Tensor) -> Tensor:
        return self.decode(self.encode(images))

    def remember_box(self, codes: Tensor) -> None:
        """Keep the bounding box of codes (count, latent_size), which is all an AE knows about where its codes lie."""
        self.lowest.copy_(codes.amin(0))
        self.highest.copy_(codes.amax(0))

    def random_codes(self, count: int, generator: Generator) -> Tensor:
        """Return (count, latent_size) codes: uniform in the box of the codes, as in figure 3.3."""
        uniform = torch.rand(count, self.latent_size, generator=generator, device=self.lowest.device)
        return self.lowest + uniform * (self.highest - self.lowest)

    def sample(self, count: int, generator: Generator) -> Tensor:
        return self.decode(self.random_codes(count, generator))


class VariationalAutoencoder(Autoencoder):
    """An autoencoder whose encoder answers with a Gaussian, `mu` and `log_var`, drawn towards N(0, I)."""

    def distribution(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return `mu` and `log_var`, (batch, latent_size) each."""
        mu, log_var = self.encoder(images)
        return mu, log_var

    def random_codes(self, count: int, generator: Generator) -> Tensor:
        """Return (count, latent_size) codes from the prior N(0, I)."""
        return torch.randn(count, self.latent_size, generator=generator, device=self.lowest.device)
