"""Which kept picture stands for each provider."""

from __future__ import annotations

from providers.models import Provider

from ..models import PictureKind, PictureSource
from .assets import addresses_of
from .keeping import address_number


def settle() -> None:
    """Give every provider the largest of its images that is kept here; two queries, and one for
    each provider whose logo is another one now."""
    kept = {
        number: (width, token)
        for number, width, token in PictureSource.objects.filter(
            kind=PictureKind.LOGO, picture__stamp__gt=""
        ).values_list("number", "picture__width", "picture__token")
    }
    for pk, images, logo in Provider.objects.values_list("pk", "images", "logo"):
        numbers = [address_number(PictureKind.LOGO, one) for one in addresses_of(images)]
        found = [kept[number] for number in numbers if number in kept]
        best = max(found, key=lambda one: one[0])[1] if found else ""
        if best != logo:
            Provider.objects.filter(pk=pk).update(logo=best)
