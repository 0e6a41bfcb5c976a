"""Requests for money, orders and the cash book, as far as money moves with them."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from paytm.money import to_rupees
from tests.bookkeeping import RECORD
from tests.contract.books import Account, User
from tests.contract.machine import ANOTHER, KEYS, PAISE, SOMEBODY, Accounts, any_of, rupees, there_are
from tests.contract.wallet import Order, Product, Record, Request

METHODS = st.sampled_from(["wallet", "hold"])


class Business(Accounts):
    def begin(self) -> None:
        asha, ravi, _ = self.wallet.users
        for method in ("hold", "wallet", None):
            self.order(asha, self.wallet.products[0], 1, method, None, f"by {method}")
        self.transfer(asha, ravi, 10_00, "a")
        self.ask_for_money(ravi, asha, 10_00)
        self.note_down(asha, "credit", 10_00)
        self.note_down(ravi, "debit", 10_00)

    @rule(user=any_of("users"), payer=any_of("users"), paise=PAISE)
    def ask_for_money(self, user: User, payer: User, paise: int) -> None:
        request = user, "POST", "/transaction/request", {"from": payer.id, "amount": rupees(paise)}
        self.do(request, 201, lambda: self.wallet.ask(user, payer, paise), "request", "id")

    @there_are("requests")
    @rule(stranger=SOMEBODY, asked=any_of("requests"), other=ANOTHER, key=KEYS)
    def pay_request(self, stranger: User | None, asked: Request, other: Account | None, key: str) -> None:
        user = stranger or asked.payer
        source = other or self.wallet.primary(user)
        request = user, "POST", f"/transaction/request/{asked.id}/pay", {"fromAccount": source.id}, key
        self.do(request, 201, lambda: self.wallet.pay_request(user, asked, source, key), "transaction", "id")

    @there_are("requests")
    @rule(stranger=SOMEBODY, asked=any_of("requests"), is_taken_back=st.booleans())
    def end_request(self, stranger: User | None, asked: Request, is_taken_back: bool) -> None:
        what, status = ("cancel", "cancelled") if is_taken_back else ("decline", "declined")
        user = stranger or (asked.payee if is_taken_back else asked.payer)
        request = user, "POST", f"/transaction/request/{asked.id}/{what}"
        self.do(request, 200, lambda: self.wallet.end_request(user, asked, status))

    @rule(
        user=any_of("users"),
        product=any_of("products"),
        quantity=st.integers(1, 3),
        method=METHODS | st.none(),
        source=ANOTHER,
        key=KEYS,
    )
    def order(
        self, user: User, product: Product, quantity: int, method: str | None, source: Account | None, key: str
    ) -> None:
        body = {"items": [{"productId": product.id, "quantity": quantity}]}
        account = self.wallet.primary(user)
        if method and source:
            account, body["account"] = source, source.id
        request = user, "POST", "/order" if method else "/order/pay-later", body | {"method": method}, key
        self.do(request, 201, lambda: self.wallet.order(user, product, quantity, method, account, key), "orderId")

    @there_are("orders")
    @rule(stranger=SOMEBODY, order=any_of("pending"), method=METHODS, source=ANOTHER)
    def pay_order(self, stranger: User | None, order: Order, method: str, source: Account | None) -> None:
        user = stranger or order.buyer
        account = source or self.wallet.primary(user)
        request = user, "POST", f"/order/{order.id}/pay", {"method": method, "account": account.id}
        self.do(request, 200, lambda: self.wallet.pay_order(user, order, method, account))

    @there_are("orders")
    @rule(stranger=SOMEBODY, order=any_of("orders"))
    def cancel_order(self, stranger: User | None, order: Order) -> None:
        user = stranger or order.buyer
        self.do((user, "POST", f"/order/{order.id}/cancel"), 200, lambda: self.wallet.cancel_order(user, order))

    @there_are("orders")
    @rule(stranger=SOMEBODY, order=any_of("held"), paise=st.none() | PAISE)
    def capture_order(self, stranger: User | None, order: Order, paise: int | None) -> None:
        user = stranger or order.product.merchant
        body = {} if paise is None else {"amount": rupees(paise)}
        request = user, "POST", f"/order/{order.id}/capture", body
        self.do(request, 200, lambda: self.wallet.capture_order(user, order, paise), "transaction", "id")

    @there_are("orders")
    @rule(stranger=SOMEBODY, order=any_of("paid"), paise=st.none() | PAISE, key=KEYS)
    def refund_order(self, stranger: User | None, order: Order, paise: int | None, key: str) -> None:
        user = stranger or order.product.merchant
        body = {} if paise is None else {"amount": rupees(paise)}
        request = user, "POST", f"/order/{order.id}/refund", body, key
        self.do(request, 201, lambda: self.wallet.refund_order(user, order, paise, key), "transaction", "id")

    @rule(user=any_of("users"), type_=st.sampled_from(["credit", "debit"]), paise=PAISE.filter(bool))
    def note_down(self, user: User, type_: str, paise: int) -> None:
        body = RECORD | {"transactionType": type_, "transactionAmount": to_rupees(paise)}
        request = user, "POST", "/cashbook", body
        self.do(request, 201, lambda: self.wallet.note_down(user, type_, paise), "record", "_id")

    @there_are("records")
    @rule(stranger=SOMEBODY, record=any_of("records"))
    def delete_record(self, stranger: User | None, record: Record) -> None:
        user = stranger or record.owner
        self.do((user, "DELETE", f"/cashbook/{record.id}"), 204, lambda: self.wallet.delete_record(user, record))

    @there_are("records")
    @rule(stranger=SOMEBODY, record=any_of("records"))
    def restore_record(self, stranger: User | None, record: Record) -> None:
        user = stranger or record.owner
        request = user, "POST", f"/cashbook/{record.id}/restore"
        self.do(request, 200, lambda: self.wallet.restore_record(user, record))

    @there_are("records")
    @rule(stranger=SOMEBODY, record=any_of("records"), other=any_of("users"), key=KEYS)
    def settle(self, stranger: User | None, record: Record, other: User, key: str) -> None:
        user = stranger or record.owner
        request = user, "POST", f"/cashbook/{record.id}/settle", {"with": other.id}, key
        answer = self.do(request, 201, lambda: self.wallet.settle(user, record, other, key))
        if answer and record.by:
            by = answer.body["record"]["settledBy"]
            record.by.id = by["requestId"] if record.type == "debit" else by["transactionId"]
