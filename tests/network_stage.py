"""What tests of the network door stand on: servers on the loopback address that do exactly what a test says, a proxy, a
certificate authority, and a log in memory that remembers the order of things."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine.network import NetworkDoor
from engine.network_records import Connection, Purpose
from engine.policy import NetworkPolicy, hosts_of_hub

MODELS: frozenset[Purpose] = frozenset({"models"})
Behaviour = Callable[["Visit"], None]


class Notes:
    """A log in memory. `fails` makes it refuse to be written."""

    def __init__(self) -> None:
        self.begun: list[Connection] = []
        self.ended: list[Connection] = []
        self.fails = False
        self._turn = threading.Lock()

    def begin(self, connection: Connection) -> int:
        if self.fails:
            raise OSError("no room")
        with self._turn:
            self.begun.append(connection)
            return len(self.begun)

    def end(self, connection: Connection) -> None:
        with self._turn:
            self.ended.append(connection)

    @property
    def refused(self) -> list[Connection]:
        return [each for each in self.begun if each.outcome == "refused"]

    def assert_complete(self) -> None:
        """Every entry that was begun open was ended once, and no other."""
        opened = [number for number, each in enumerate(self.begun, 1) if each.outcome == "open"]
        assert sorted(each.id for each in self.ended) == opened


@dataclass
class Visit:
    """One connection to a server, after its request came: `head` is all up to the empty line."""

    connection: socket.socket
    head: bytes
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.head.split(b" ")[1].decode()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}

    def say(self, raw: bytes) -> None:
        with suppress(OSError):
            self.connection.sendall(raw)

    def answer(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        said = {"content-length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        self.say(f"HTTP/1.1 {status} Fine\r\n{lines}\r\n".encode("latin-1") + body)

    def wait_until_left(self) -> bool:
        """Whether the other side hung up within ten seconds."""
        self.connection.settimeout(10)
        try:
            return self.connection.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False


@dataclass
class Server:
    """A server whose every connection is handled by `behaviour`, on a thread of its own."""

    behaviour: Behaviour
    listener: socket.socket
    port: int
    tls: ssl.SSLContext | None = None
    n_connections: int = 0
    visits: list[Visit] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        if self.tls is not None:
            return f"https://localhost:{self.port}"
        return f"http://[::1]:{self.port}" if self.listener.family == socket.AF_INET6 else f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.n_connections += 1
            self._open.append(connection)
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with suppress(OSError), ExitStack() as stack:
            stack.enter_context(closing(connection))
            if self.tls is not None:
                connection = stack.enter_context(closing(self.tls.wrap_socket(connection, server_side=True)))
            visit = Visit(connection, head_of(connection))
            if visit.head:
                visit.body = body_of(visit)
                self.visits.append(visit)
                self.behaviour(visit)

    def close(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@contextmanager
def server(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Server]:
    listener = socket.create_server((host, 0), family=family_of(host))
    running = Server(behaviour, listener, listener.getsockname()[1], tls)
    threading.Thread(target=running.serve, daemon=True).start()
    try:
        yield running
    finally:
        running.close()


def family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def head_of(connection: socket.socket) -> bytes:
    """A request up to its empty line; nothing when it never came to one."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and (piece := connection.recv(1)):
        head += piece
    return head if head.endswith(b"\r\n\r\n") else b""


def body_of(visit: Visit) -> bytes:
    body, length = b"", int(visit.headers.get("content-length", 0))
    while len(body) < length and (piece := visit.connection.recv(length - len(body))):
        body += piece
    return body


def silence(visit: Visit) -> None:
    visit.wait_until_left()


# ---------------------------------------------------------------- a proxy
def connect_proxy(leads_to: Callable[[str], tuple[str, int]], *, password: str | None = None) -> Behaviour:
    """A proxy that only knows CONNECT. `leads_to` says where the host it is asked for really is."""

    def tunnel(visit: Visit) -> None:
        method, target, *_ = visit.head.decode().split(" ")
        if method != "CONNECT":
            return visit.answer(status=405)
        if password is not None and visit.headers.get("proxy-authorization") != password:
            return visit.say(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\ncontent-length: 0\r\n\r\n"
            )
        with closing(socket.create_connection(leads_to(target))) as onward:
            visit.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pump, args=(onward, visit.connection), daemon=True).start()
            _pump(visit.connection, onward)
        return None

    return tunnel


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


# ---------------------------------------------------------------- a certificate authority
class Authority:
    """A certificate authority of its own, as a company's inspection of TLS has one. `file` is what has to be trusted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Inspection for tests")])
        certificate = self._signed(self._name, self._key.public_key(), is_authority=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, *hosts: str) -> ssl.SSLContext:
        """What a server needs that calls itself by these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0])])
        certificate = self._signed(subject, key.public_key(), hosts=hosts)
        file = self._folder / f"{hosts[0].replace(':', '_')}.pem"
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, hosts: tuple[str, ...] = (), is_authority: bool = False
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if is_authority:
            builder = builder.add_extension(_may_sign(), critical=True)
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(host) for host in hosts]), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _may_sign() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


# ---------------------------------------------------------------- the door
def open_door(notes: Notes, *hosts: str, proxy: str = "none", connect_s: float = 10, stall_s: float = 30) -> NetworkDoor:
    """A door through which models may be fetched from these addresses."""
    door = NetworkDoor(notes, connect_s=connect_s, stall_s=stall_s)
    door.use(policy_for(*hosts), proxy)
    return door


def policy_for(*hosts: str) -> NetworkPolicy:
    return NetworkPolicy(MODELS, {"models": frozenset().union(*(hosts_of_hub(host) for host in hosts))})
