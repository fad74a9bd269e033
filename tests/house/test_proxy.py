"""nginx with the file that we give, in front of a real server: TLS, who asks, and its own ends."""

import base64
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.own_database import ROOT, empty_database
from tests.support.ports import free_port
from tests.support.serving import Served, end, eventually, serving

pytestmark = [pytest.mark.kill, pytest.mark.timeout(240)]
NGINX = ROOT / "deploy" / "nginx"
NAME = "forms.borough.example"
LIVE = {
    "TOWNHALL_HOSTS": NAME,
    "TOWNHALL_SECRET_KEY": "s" * 60,
    "TOWNHALL_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
    "TOWNHALL_BEHIND_PROXY": "yes",
    "TOWNHALL_PROXIES": "1",
    "TOWNHALL_SERVICES": str(ROOT / "services"),
    "TOWNHALL_LIMIT_STARTS": "3",
    "TOWNHALL_LIMIT_EXEMPT": "",
}


@dataclass(frozen=True)
class Front:
    """A proxy's two ports, the certificate it shows, and what it stands in front of."""

    plain: int
    secure: int
    certificate: Path
    behind: Served

    def client(self) -> httpx.Client:
        """A browser that trusts the certificate and asks by our name."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        trust.check_hostname = False
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.secure}", verify=trust, headers={"Host": NAME}
        )

    def protocol(self) -> str | None:
        """What TLS settles on with a browser that would have HTTP/2."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        trust.set_alpn_protocols(["h2", "http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", self.secure)) as raw,
            trust.wrap_socket(raw, server_hostname=NAME) as told,
        ):
            return told.selected_alpn_protocol()


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for the name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "fullchain.pem", folder / "privkey.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


def settings_for(folder: Path, front: Front, secret: Path) -> Path:
    """Our file as it is, but for its ports, its certificate and where it writes."""
    ours = (NGINX / "townhall.conf").read_text()
    ours = re.sub(r"^ +listen \[::\].*\n", "", ours, flags=re.M)
    for here, there in {
        "listen 80;": f"listen 127.0.0.1:{front.plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{front.secure} ssl",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(front.certificate),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(secret),
        "server 127.0.0.1:8000 ": f"server 127.0.0.1:{front.behind.port} ",
        "/etc/nginx/townhall": str(NGINX),
        "/var/log/nginx/": f"{folder}/",
    }.items():
        assert here in ours, here
        ours = ours.replace(here, there)
    kept = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        f" events {{}} http {{ types {{ text/html html; }} {kept}\n{ours} }}"
    )
    return file


# What Townhall takes, and so the proxy (settings.DATA_UPLOAD_MAX_MEMORY_SIZE).
MOST = 1_000_000
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def fronted(folder: Path) -> Iterator[Front]:
    """A server that other people could reach, and nginx before it."""
    with (
        empty_database() as address,
        serving(folder / "data", "--no-worker", wait=False, DATABASE_URL=address, **LIVE) as behind,
    ):
        certificate, secret = certified(folder)
        front = Front(free_port(), free_port(), certificate, behind)
        file = settings_for(folder, front, secret)
        told = folder / "nginx.txt"
        with told.open("wb") as out:
            nginx = subprocess.Popen(
                ["nginx", "-p", str(folder), "-c", str(file), "-e", str(told)], stderr=out
            )
        try:
            eventually(lambda: "serving at" in behind.said.read_text() or behind.process.poll())
            assert nginx.poll() is None, told.read_text()
            yield front
        finally:
            end(nginx)


def started(client: httpx.Client, **headers: str) -> httpx.Response:
    """Press Start now, as the browser that has the page."""
    page = BeautifulSoup(client.get("/missed-bin", headers=headers).text, "html.parser")
    token = page.select_one("[name=csrfmiddlewaretoken]")
    assert token is not None
    return client.post(
        "/missed-bin",
        data={"csrfmiddlewaretoken": str(token["value"])},
        headers={"Origin": f"https://{NAME}", **headers},
    )


# Not collected where there is no nginx: `tools/check` looks for one, and installs it where it may.
if shutil.which("nginx"):

    def test_what_nginx_is_told_in_front_of_a_real_server(tmp_path: Path):
        """One proxy and one server for everything, because starting them takes seconds."""
        with fronted(tmp_path) as front, front.client() as client:
            leads = httpx.get(f"http://127.0.0.1:{front.plain}/cookies", headers={"Host": NAME})
            assert (leads.status_code, leads.headers["Location"]) == (
                308,
                f"https://{NAME}/cookies",
            )
            assert front.protocol() == "h2"
            pages_and_styles(client)
            nobody_says_who_they_are(client)
            what_is_not_for_the_outside(client)
            end(front.behind.process)
            gone = client.get("/")
            assert gone.status_code == 503
            assert gone.headers["Retry-After"] == "60"
            assert "01632 960001" in gone.text

    def pages_and_styles(client: httpx.Client) -> None:
        page = client.get("/")
        assert page.status_code == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert page.headers["Content-Encoding"] == "gzip"
        assert page.headers["Cache-Control"] == "no-store"
        [styles] = re.findall(r"/static/townhall/townhall-[0-9a-f]+\.css", page.text)
        answer = client.get(styles)
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] in ("br", "gzip")

    def nobody_says_who_they_are(client: httpx.Client) -> None:
        """A browser's own word on scheme, address and host changes nothing."""
        lies = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "elsewhere.example"}
        answers = [
            started(client, **lies, **{"X-Forwarded-For": f"192.0.2.{number}"})
            for number in range(4)
        ]
        assert [one.status_code for one in answers] == [303, 303, 303, 429]
        cookies = answers[0].headers.get_list("Set-Cookie")
        assert cookies
        assert not [cookie for cookie in cookies if "Secure" not in cookie]
        assert answers[0].headers["Location"] == "/missed-bin/when-due"

    def what_is_not_for_the_outside(client: httpx.Client) -> None:
        assert client.get("/metrics").status_code == 404
        assert client.get("/health/ready").status_code == 404
        over = client.post("/missed-bin", content=b"a" * (MOST + 1))
        assert over.status_code == 413
        assert "Retry-After" not in over.headers
        assert "You sent too much at once" in over.text
        assert "01632 960001" in over.text
        assert client.post("/missed-bin/when-due", content=b"a" * MOST).status_code == 403
