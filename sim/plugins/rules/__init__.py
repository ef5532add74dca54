"""Update rules: how strongly an audience follows a source at a distance, K(s, p).

s is the audience's sympathy, p where the source stands: an anchor, a peer, +1 for messages in
favour of a claimant and -1 for those against it. ``message`` is 1 for messages, else 0;
``options[0]`` is ``renormalise``.
"""
