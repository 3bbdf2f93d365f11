"""What posts show: accounts and their rhythm, who shares in concert, rumours and who carries them.

Everything here is a function of tables: no file, no clock, no archive. An account is never called a machine, a person never
named, a state never made an author.
"""
