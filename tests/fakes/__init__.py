"""Outside parties as real programs: each speaks its own protocol over a socket, with faults on
demand.
"""
