"""The part of Microsoft Graph that its own clients need to drive the portal: its addresses, its words, its errors.

It decides nothing: who comes in, what is possible and what is done are the API's and the rooms' own. An application's
organization or partner is that of its token, as there is none in these addresses.
"""
