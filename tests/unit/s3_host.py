"""A server on this machine that speaks S3, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

import boto3
from s3fs import S3FileSystem

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-to-be-told", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def s3_host(bucket: str) -> Iterator[dict[str, str]]:
    """Give what a client's environment must say to reach it; the bucket is there."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _answers(f"{address}/moto-api/", server)
        keys = {"aws_access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"]}
        boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(Bucket=bucket)
        S3FileSystem.clear_instance_cache()  # those of this process know the server of another test
        yield {"AWS_ENDPOINT_URL": address, **KEYS}
    finally:
        S3FileSystem.clear_instance_cache()
        server.kill()
        server.wait()


def _answers(address: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(address).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the S3 server did not start")
