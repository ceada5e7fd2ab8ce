"""Systems as the kernel would show them, made of small files: graphics cards, volumes, mounts."""

from __future__ import annotations

from pathlib import Path

PCI_IDS = """# a list of devices
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t1900  Phoenix3 [Radeon 780M]
\t\t1002 0000  a subsystem
10de  NVIDIA Corporation
\t2684  AD102 [GeForce RTX 4090]
8086  Intel Corporation
\ta7a0  Raptor Lake-P [Iris Xe Graphics]
"""


class MadeSystem:
    """A root folder with the parts of /sys and /proc that are asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "sys/class/drm").mkdir(parents=True)

    def card(
        self, number: int, vendor: str, device: str, *, driver: str = "", address: str = "0000:01:00.0", **files: str
    ) -> None:
        """A graphics card; `files` are further ones of its device."""
        place = self.root / "sys/devices/pci" / address
        place.mkdir(parents=True)
        for name, text in {"vendor": vendor, "device": device, **files}.items():
            (place / name).write_text(f"{text}\n")
        if driver:
            (self.root / "sys/drivers" / driver).mkdir(parents=True, exist_ok=True)
            (place / "driver").symlink_to(self.root / "sys/drivers" / driver)
        card = self.root / f"sys/class/drm/card{number}"
        card.mkdir()
        (card / "device").symlink_to(place)
        (self.root / f"sys/class/drm/card{number}-DP-1").mkdir()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def volume(self, name: str, number: str, *, uuid: str = "", made_of: tuple[str, ...] = ()) -> None:
        """A block device; one with a `uuid` is of the device mapper."""
        place = self.root / "sys/devices/block" / name
        (place / "slaves").mkdir(parents=True)
        for below in made_of:
            (place / "slaves" / below).mkdir()
        if uuid:
            (place / "dm").mkdir()
            (place / "dm/uuid").write_text(f"{uuid}\n")
        for link in (f"sys/class/block/{name}", f"sys/dev/block/{number}"):
            (self.root / link).parent.mkdir(parents=True, exist_ok=True)
            (self.root / link).symlink_to(place)

    def mounts(self, *mounted: tuple[str, str, str, str]) -> None:
        """Lines of device number, place, kind and source."""
        lines = [f"{at} 1 {number} / {place} rw,relatime shared:1 - {kind} {source} rw" for at, (number, place, kind, source) in
                 enumerate(mounted, start=20)]  # fmt: skip
        self.write("proc/self/mountinfo", "\n".join(lines) + "\n")
