#!/usr/bin/env python3
"""Verifies a sealed scorecard with nothing but Python's own library and the openssl command (1.1.1 or later).

Written after services/reports/docs/pack.md alone: an example of how anybody can do it in the language he trusts.
    python3 verify_pack.py PACK.zip [anchor.jsonl]
Prints the fingerprint and ends with 0 when everything holds; prints what does not hold and ends with 1 otherwise.
"""
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

faults: list[str] = []


def check(holds: bool, what: str) -> None:
    if not holds:
        faults.append(what)


def unpad(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed(folder: Path, key: str, message: bytes, signature: bytes) -> bool:
    """Ed25519. The 12 bytes before the raw key make it a SubjectPublicKeyInfo (RFC 8410)."""
    (folder / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + unpad(key))
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(signature)
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in message -sigfile signature"
    return subprocess.run(command.split(), cwd=folder, capture_output=True, check=False).returncode == 0


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, by its own definition."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + root(leaves[:half]) + root(leaves[half:])).digest()


def main(pack: str, anchor: str | None) -> int:
    files = {name: zipfile.ZipFile(pack).read(name) for name in zipfile.ZipFile(pack).namelist()}
    envelope = json.loads(files.pop("seal.json"))
    payload = base64.b64decode(envelope["payload"])
    statement = json.loads(payload)
    predicate = statement["predicate"]
    fingerprint = hashlib.sha256(payload).hexdigest()
    print(fingerprint)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kind = envelope["payloadType"]
        message = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
        signature = base64.b64decode(envelope["signatures"][0]["sig"])
        check(signed(folder, predicate["hub"], message, signature), "seal: signature")
        digests = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
        check(digests.keys() == files.keys(), "files: names")
        for file, bytes_ in files.items():
            check(hashlib.sha256(bytes_).hexdigest() == digests.get(file), f"{file}: digest")

        card, devices = json.loads(files["card.json"]), json.loads(files["devices.json"])
        for time in ("up", "down", "unknown", "exempt"):
            check(sum(one[time] for one in devices) == card["totals"][time], f"devices: {time}")

        lines = files["batches.tsv"].decode().split("\n")[1:-1]
        check(root([line.encode() for line in lines]).hex() == predicate["evidence"]["root"], "batches: root")
        hours = files["hours.tsv"].decode().split("\n")[1:-1] if "hours.tsv" in files else []
        sealed = predicate["evidence"].get("hours", {"root": root([]).hex()})["root"]
        check(root([line.encode() for line in hours]).hex() == sealed, "hours: root")
        keys = {(one["gateway"], one["key"]) for one in json.loads(files["keys.json"]) if one["pinnedAt"] is not None}
        for line in hours:
            gateway, *_, key = line.split("\t")
            check(key == "-" or (gateway, key) in keys, f"hour of {gateway}: key")
        for line in lines:
            gateway, epoch, seq, *_, digest, key, seal = line.split("\t")
            if seal == "-":
                continue
            text = f"hengyang-hub batch v1\n{gateway}\n{epoch}\n{seq}\n{digest}\n".encode()
            check((gateway, key) in keys, f"batch {gateway}/{epoch}/{seq}: key")
            check(signed(folder, key, text, unpad(seal)), f"batch {gateway}/{epoch}/{seq}: signature")

    if anchor:
        told = [json.loads(line) for line in Path(anchor).read_text().splitlines() if line]
        own = next((one for one in told if one["seq"] == predicate["seq"]), None)
        check(own is not None and own["fingerprint"] == fingerprint, "anchor: fingerprint")
        before = next((one["fingerprint"] for one in told if one["seq"] == predicate["seq"] - 1), None)
        check(predicate["previous"] == before, "anchor: chain")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
