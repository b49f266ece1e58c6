"""Marks in the record of a test server where a step begins."""

import os
import ssl
import urllib.request


class Steps:
    def __init__(self, address):
        self._address = address
        self._context = ssl.create_default_context(cafile=os.environ.get('REQUESTS_CA_BUNDLE'))

    def __call__(self, name):
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._context))
        opener.open(f'{self._address}/__step/{name}').read()
