"""Statements as banks write them: CAMT.053, MT940 and tables, and files nobody should read."""

from datetime import date
from decimal import Decimal

import pytest
from djmoney.money import Money

from payments.providers.bank.references import reference_for
from payments.statements.camt import is_camt, read_camt
from payments.statements.mt940 import is_mt940, read_mt940
from payments.statements.table import Columns, read_table
from payments.statements.types import ReadLine, StatementUnreadable, line_keys
from tests.payments.bank_world import IBAN, Move, camt

REFERENCE = reference_for("1234567890")
OLD_BATCH = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">60.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><DtTm>2026-11-20T10:00:00+01:00</DtTm></BookgDt><AcctSvcrRef>B-7</AcctSvcrRef><NtryDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>CUSTOMER 1</Nm></Dbtr>
</RltdPties><RmtInf><Strd><CdtrRefInf><Ref>{REFERENCE}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">40.00</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>CUSTOMER 2</Nm></Dbtr>
</RltdPties><RmtInf><Ustrd>second</Ustrd><Ustrd>part</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>""".encode()
MT940 = f""":20:STARTUMS
:25:37040044/0532013000
:28C:00324/001
:60F:C261119EUR1000,00
:61:2611201120CR49,90NTRFNONREF//2026112000017
:86:166?00GUTSCHRIFT?109310?20EREF+NOTPROVIDED?21SVWZ+{REFERENCE[:9]}?22{REFERENCE[9:]}
?30ABNANL2A?31NL91ABNA0417164300?32CUSTOMER 1
:61:2601021231D12,5NCHGNONREF
:86:ACCOUNT FEE
:61:2611201120RC10,00NTRFORD-5//2026112000018
:86:/EREF/ORD-5/NAME/CUSTOMER 2/REMI/RETURN OF TRANSFER/
:62F:C261120EUR1027,40
-
"""


def test_camt_is_read_with_sign_reference_payer_and_the_banks_name() -> None:
    content = camt(
        Move(amount="49.90", purpose="Thank you", reference=REFERENCE, bank_id="B-1"),
        Move(amount="-3.10", payer="BANK"),
    )
    assert is_camt(content)
    (statement,) = read_camt(content)
    came, went = statement.lines
    assert statement.account == IBAN
    assert (came.amount, came.creditor_ref, came.bank_id) == (Money("49.90", "EUR"), REFERENCE, "B-1")
    assert (came.payer, came.payer_account) == ("CUSTOMER 1", "NL91ABNA0417164300")
    assert (came.booked_on, came.remittance, came.end_to_end) == (date(2026, 11, 20), "Thank you", "")
    assert went.amount == Money("-3.10", "EUR")


def test_a_batch_of_an_older_version_is_read_payment_by_payment() -> None:
    (statement,) = read_camt(OLD_BATCH)
    assert [(line.amount.amount, line.bank_id, line.payer) for line in statement.lines] == [
        (Decimal(20), "B-7/1", "CUSTOMER 1"),
        (Decimal(40), "B-7/2", "CUSTOMER 2"),
    ]
    assert (statement.lines[0].creditor_ref, statement.lines[1].remittance) == (REFERENCE, "second part")


def test_a_batch_that_does_not_add_up_stays_one_line() -> None:
    (statement,) = read_camt(OLD_BATCH.replace(b">20.00<", b">19.00<"))
    assert [line.amount.amount for line in statement.lines] == [60]


def test_what_is_only_announced_is_no_money() -> None:
    (statement,) = read_camt(camt(Move(amount="49.90"), status="<Sts><Cd>PDNG</Cd></Sts>"))
    assert statement.lines == ()


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><Document><BkToCstmrStmt/></Document>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><Document><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>',
        b"<Document><BkToCstmrStmt>",
        b"<Document><BkToCstmrStmt/></Document>",
        b'<?xml version="1.0" encoding="no-such"?><Document><BkToCstmrStmt/></Document>',
    ],
)
def test_hostile_and_broken_xml_is_refused(content: bytes) -> None:
    with pytest.raises(StatementUnreadable):
        read_camt(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">49.90<", b">49.905<"),
        (b">49.90<", b">NaN<"),
        (b">49.90<", b"><"),
        (b'Ccy="EUR"', b'Ccy="XXQ"'),
        (b"CRDT", b"BOTH"),
        (b"2026-11-20</Dt>", b"2026-13-20</Dt>"),
    ],
)
def test_an_entry_that_cannot_be_right_refuses_the_file(old: bytes, new: bytes) -> None:
    content = camt(Move(amount="49.90"))
    assert old in content
    with pytest.raises(StatementUnreadable):
        read_camt(content.replace(old, new))


def test_mt940_is_read_in_its_dialects() -> None:
    assert is_mt940(MT940.encode())
    (statement,) = read_mt940(MT940)
    came, fee, back = statement.lines
    assert statement.account == "37040044/0532013000"
    assert (came.amount, came.bank_id, came.end_to_end) == (Money("49.90", "EUR"), "2026112000017", "")
    assert (came.remittance, came.payer, came.payer_account) == (REFERENCE, "CUSTOMER 1", "NL91ABNA0417164300")
    assert (fee.amount, fee.remittance) == (Money("-12.50", "EUR"), "ACCOUNT FEE")
    assert fee.booked_on == date(2025, 12, 31)
    assert (back.amount, back.end_to_end, back.payer) == (Money("-10.00", "EUR"), "ORD-5", "CUSTOMER 2")
    assert back.remittance == "RETURN OF TRANSFER"


@pytest.mark.parametrize(
    ("old", "new"), [(":61:2611201120CR49,90", ":61:2611201120XX49,90"), (":61:261120", ":61:261399"), ("EUR", "")]
)
def test_a_broken_mt940_is_refused(old: str, new: str) -> None:
    with pytest.raises(StatementUnreadable):
        read_mt940(MT940.replace(old, new))


def test_a_table_is_read_with_named_columns() -> None:
    columns = Columns(booked_on="Tag", amount="Betrag", remittance="Zweck", payer="Name", shape="%d.%m.%Y", mark=",")
    text = f"Tag;Betrag;Zweck;Name\n20.11.2026;1.049,90;{REFERENCE};CUSTOMER 1\n21.11.2026;-5,00;Gebühr;BANK\n"
    statement = read_table(text, columns=columns, currency="EUR")
    assert [line.amount.amount for line in statement.lines] == [Money("1049.90", "EUR").amount, -5]
    assert statement.lines[0].remittance == REFERENCE


def test_a_table_says_every_line_that_cannot_be_read() -> None:
    text = "date,amount,purpose\n2026-11-20,x,a\n20.11.2026,1.00,b\n2026-11-21,1.001,c\n"
    with pytest.raises(StatementUnreadable) as refusal:
        read_table(text, columns=Columns(), currency="EUR")
    assert [(one.line, one.column) for one in refusal.value.problems] == [(2, "amount"), (3, "date"), (4, "amount")]


def test_equal_lines_of_one_file_are_two_and_keep_their_names_in_the_next_file() -> None:
    line = ReadLine(booked_on=date(2026, 11, 20), amount=Money("5.00", "EUR"), remittance="same")
    other = ReadLine(booked_on=date(2026, 11, 20), amount=Money("6.00", "EUR"), remittance="same")
    first, second = line_keys((line, line)), line_keys((other, line, line))
    assert len(set(first)) == 2
    assert set(first) < set(second)
