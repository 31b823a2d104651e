"""Numbers that states, banks and makers of telephones give, told apart by their check digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from stdnum import imei, luhn
from stdnum.be import nn
from stdnum.bg import egn
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.de import idnr as german
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.gr import amka
from stdnum.hr import oib
from stdnum.in_ import aadhaar
from stdnum.kr import rrn
from stdnum.lt import asmens
from stdnum.md import idno
from stdnum.my import nric
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.si import emso
from stdnum.th import pin
from stdnum.tr import tckimlik
from stdnum.ua import rntrc
from stdnum.za import idnr as south_african

# By the number of their digits. EMŠO stands for all states that were Yugoslavia. Numbers of nine digits are
# as often those of telephones, whatever their check digit says.
_PERSONAL: Final[Mapping[int, tuple[Callable[[str], bool], ...]]] = MappingProxyType(
    {
        9: (rc.is_valid,),
        10: tuple(one.is_valid for one in (egn, rc, nhs, rntrc, cpr, personnummer)),
        11: tuple(
            one.is_valid for one in (pesel, tckimlik, german, oib, ik, asmens, nn, fodselsnummer, amka, cpf)
        ),
        12: tuple(one.is_valid for one in (aadhaar, nric, personnummer)),
        13: tuple(one.is_valid for one in (cnp, idno, emso, rrn, pin, south_african)),
        15: (nir.is_valid,),
        18: (ric.is_valid,),
    }
)


def kind_of(digits: str) -> str:
    """What a run of digits most probably is: DOCUMENT, ACCOUNT, NETWORK_ADDRESS, or NUMBER if nothing fits.

    A check digit only makes us surer of the kind. A number that fails them all is a NUMBER, and goes too.
    """
    if any(is_valid(digits) for is_valid in _PERSONAL.get(len(digits), ())):
        return "DOCUMENT"
    if len(digits) == 15 and imei.is_valid(digits):
        return "NETWORK_ADDRESS"
    if 13 <= len(digits) <= 19 and luhn.is_valid(digits):
        return "ACCOUNT"
    return "NUMBER"
