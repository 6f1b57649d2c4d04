#!/usr/bin/env python3
"""TLS and SASL: librdkafka's properties go through, what is wrong with them is told at once, and secrets are never shown."""
# timeout: 600
import os
import subprocess
import unittest

from broker import Broker, Client, free_port
from kafka_case import KafkaCase

LISTENER = """
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL
ssl.keystore.location={folder}/broker.p12
ssl.keystore.password=keystore-pass
sasl.enabled.mechanisms=PLAIN
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_weir="s3cret";
"""


class SecureBroker(Broker):
    """Has a second listener, with TLS and SASL."""

    def write_settings(self):
        super().write_settings()
        self.secure = f"127.0.0.1:{free_port()}"
        with open(self.path("server.properties")) as f:
            lines = f.read().splitlines()
        for i, line in enumerate(lines):
            if line.startswith(("listeners=", "advertised.listeners=")):
                lines[i] += f",SECURE://{self.secure}"
        with open(self.path("server.properties"), "w") as f:
            f.write("\n".join(lines) + LISTENER.format(folder=self.folder))
        self.certify("broker")
        self.certify("other")

    def certify(self, name):
        keytool = ["keytool", "-storepass", "keystore-pass", "-keystore", self.path(f"{name}.p12"), "-alias", name]
        for command in (["-genkeypair", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1"],
                        ["-exportcert", "-rfc", "-file", self.path(f"{name}.pem")]):
            subprocess.run([*keytool, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Security(KafkaCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = SecureBroker(heap="512m")
        cls.broker.start()

    @classmethod
    def tearDownClass(cls):
        cls.broker.remove()

    def setUp(self):
        super().setUp()
        self.kafka = Client(self.broker.address)
        self.config = os.path.join(self.folder.name, "secure.properties")

    def configure(self, **properties):
        with open(self.config, "w") as f:
            f.writelines(f"{name.replace('_', '.')}={value}\n" for name, value in {
                "security_protocol": "SASL_SSL", "ssl_ca_location": self.broker.path("broker.pem"), "sasl_mechanism": "PLAIN",
                "sasl_username": "weir", "sasl_password": "s3cret", **properties}.items())

    def run_secure(self, code=0):
        err = self.run_to_end(self.program(), "--config", self.config, brokers=self.broker.secure, code=code)
        self.assertNotIn("s3cret", err)
        return err

    def test_goes_through(self):
        self.kafka.create(self.source, 1)
        self.kafka.create(self.out, 1)
        self.kafka.produce(self.source, self.numbered(100))
        self.configure()
        self.run_secure()
        self.assert_none_lost(100)

    def test_wrong_password(self):
        self.configure(sasl_password="s3cret-not")
        self.assertIn("uthentication failed", self.run_secure(code=3))

    def test_unknown_authority(self):
        self.configure(ssl_ca_location=self.broker.path("other.pem"))
        self.assertIn("certificate verify failed", self.run_secure(code=3))


if __name__ == "__main__":
    unittest.main()
