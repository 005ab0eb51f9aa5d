"""The API: the portal's acts and lists for programs, under the same verdicts as its pages.

A leaf beside the pages: it adds no rule, and nobody but the addresses and the facades imports it.
"""
