"""What the wallet offers on top of the books: requests for money, refunds, orders and the cash book.

A method is a route. It returns what was made, or raises what the API has to answer instead; then nothing has changed
but what a key stands for.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from tests.contract.books import TRANSFER_MAX, Account, Books, Refused, Thing, Transaction, User, conflict, not_found


@dataclass(eq=False, repr=False)
class Request(Thing):
    payee: User
    payer: User
    amount: int
    status: str = "pending"
    id: str = ""


@dataclass(eq=False, repr=False)
class Product(Thing):
    merchant: User
    price: int
    stock: int
    id: str = ""


@dataclass(eq=False, repr=False)
class Order(Thing):
    """``captured`` of ``amount`` was paid, and ``refunded`` given back of that."""

    buyer: User
    product: Product
    quantity: int
    amount: int
    account: Account | None = None
    method: str | None = None
    status: str = "pending"
    payment: Transaction | None = None
    captured: int = 0
    refunded: int = 0
    id: str = ""


@dataclass(eq=False, repr=False)
class Record(Thing):
    """Of a cash book; ``by`` is what settles it."""

    owner: User
    type: str
    amount: int
    by: Request | Transaction | None = None
    is_deleted: bool = False
    id: str = ""

    @property
    def standing(self) -> str | None:
        return self.by.status if isinstance(self.by, Request) else self.by and "paid"


@dataclass
class Wallet(Books):
    requests: list[Request] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    ordered: dict[tuple[User, str], tuple[Hashable, Order]] = field(default_factory=dict)
    settled: dict[tuple[User, str], Hashable] = field(default_factory=dict)

    def ordered_and(self, *statuses: str) -> list[Order]:
        """Orders in one of some states, and one in any."""
        return [*self.orders[:1], *(order for order in self.orders if order.status in statuses)]

    @property
    def pending(self) -> list[Order]:
        return self.ordered_and("pending")

    @property
    def held(self) -> list[Order]:
        return self.ordered_and("authorised")

    @property
    def paid(self) -> list[Order]:
        return self.ordered_and("paid")

    def transfer(self, user: User, source: Account, to: Account, amount: int, key: str | None) -> Transaction:
        self.own(user, source)
        self.check(source, to, amount)
        return self.post(user, key, ("transfer", source, to, amount), ("transfer", source, to, amount))

    def issue(self, user: User, to: Account, amount: int, key: str) -> Transaction:
        self.operate(user)
        self.check(None, to, amount)
        return self.post(user, key, ("funding", to, amount), ("funding", None, to, amount), is_limited=False)

    def refund(self, user: User, original: Transaction, amount: int | None, key: str) -> Transaction:
        if amount == 0:
            raise Refused(400, "invalid_amount")
        if user is not original.to.owner and not user.is_operator:
            raise Refused(403, "forbidden") if original.source and original.source.owner is user else not_found()
        if original.kind != "transfer" or original.source is None:
            raise conflict()
        mark = "refund", original, amount
        earlier = self.earlier(user, key, mark)
        if earlier:
            return earlier
        left = original.amount - original.refunded
        if not 0 < (amount or left) <= left:
            raise Refused(400, "refund_too_large")
        payment = "refund", original.to, original.source, amount or left
        made = self.post(user, key, mark, payment, is_limited=False)
        original.refunded += made.amount
        return made

    # Requests for money.

    def ask(self, user: User, payer: User, amount: int) -> Request:
        self.check(self.primary(payer), self.primary(user), amount)
        self.requests.append(Request(user, payer, amount))
        return self.requests[-1]

    def pay_request(self, user: User, request: Request, source: Account, key: str) -> Transaction:
        def check() -> None:
            if request.status != "pending":
                raise conflict()

        self.own(user, source)
        if request.payer is not user:
            raise not_found()
        payment = "transfer", source, self.primary(request.payee), request.amount
        made = self.post(user, key, ("request", request, source), payment, check=check)
        request.status = "paid"
        return made

    def end_request(self, user: User, request: Request, status: str) -> Request:
        if user is not (request.payer if status == "declined" else request.payee):
            raise not_found()
        if request.status not in ("pending", status):
            raise conflict()
        request.status = status
        return request

    # Orders.

    def order(
        self, user: User, product: Product, quantity: int, method: str | None, account: Account, key: str
    ) -> Order:
        self.own(user, account)
        mark = product, quantity, method, account
        known, made = self.ordered.get((user, key), (mark, None))
        if known != mark:
            raise Refused(422, "idempotency_key_reused")
        if made:
            return made
        if product.stock < quantity:
            raise Refused(409, "out_of_stock")
        if product.merchant is user:
            raise Refused(400, "self_transfer")
        order = Order(user, product, quantity, product.price * quantity)
        if order.amount > TRANSFER_MAX:
            raise Refused(400, "invalid_amount")
        self._pay_in(order, method, account)
        product.stock -= quantity
        self.orders.append(order)
        self.ordered[user, key] = mark, order
        return order

    def pay_order(self, user: User, order: Order, method: str, account: Account) -> Order:
        self.own(user, account)
        if order.buyer is not user:
            raise not_found()
        if order.status in ("authorised", "paid") and order.method == method:
            return order
        if order.status != "pending":
            raise conflict()
        self._pay_in(order, method, account)
        return order

    def _pay_in(self, order: Order, method: str | None, account: Account) -> None:
        payee = self.primary(order.product.merchant)
        if method == "wallet":
            order.payment = self.pay("purchase", account, payee, order.amount, is_limited=True)
            order.status, order.captured = "paid", order.amount
        elif method == "hold":
            objection = self.objection(account, payee, order.amount, is_limited=True)
            if objection:
                raise objection
            account.held += order.amount
            self.charge(account, order.amount)
            order.status = "authorised"
        if method:
            order.method, order.account = method, account

    def cancel_order(self, user: User, order: Order) -> Order:
        if order.buyer is not user:
            raise not_found()
        if order.status == "cancelled":
            return order
        if order.status == "paid":
            raise conflict()
        if order.account:
            order.account.held -= order.amount
        order.product.stock += order.quantity
        order.status = "cancelled"
        return order

    def capture_order(self, user: User, order: Order, amount: int | None) -> Transaction:
        self._sell(user, order)
        if order.method != "hold" or order.account is None:
            raise conflict()
        paid = order.amount if amount is None else amount
        if paid == 0:
            raise Refused(400, "invalid_amount")
        if paid > order.amount:
            raise Refused(400, "capture_too_large")
        if order.payment and order.captured == paid:
            return order.payment
        if order.status != "authorised":
            raise conflict()
        order.account.held -= order.amount
        try:
            payee = self.primary(order.product.merchant)
            order.payment = self.pay("purchase", order.account, payee, paid, is_limited=False)
        except Refused:
            order.account.held += order.amount
            raise
        order.status, order.captured = "paid", paid
        return order.payment

    def refund_order(self, user: User, order: Order, amount: int | None, key: str) -> Transaction:
        if amount == 0:
            raise Refused(400, "invalid_amount")
        self._sell(user, order)
        mark = "order refund", order, amount
        earlier = self.earlier(user, key, mark)
        if earlier:
            return earlier
        left = order.captured - order.refunded
        if not 0 < (amount or left) <= left:
            raise Refused(400, "refund_too_large")
        payee = order.account or self.primary(order.buyer)
        made = self.pay("refund", self.primary(order.product.merchant), payee, amount or left, is_limited=False)
        order.refunded += made.amount
        self.journal[user, key] = mark, made
        return made

    def _sell(self, user: User, order: Order) -> None:
        if user is not order.product.merchant and not user.is_operator:
            raise not_found()

    # The cash book.

    def note_down(self, user: User, type_: str, amount: int) -> Record:
        self.records.append(Record(user, type_, amount))
        return self.records[-1]

    def delete_record(self, user: User, record: Record) -> None:
        if record.owner is not user or record.is_deleted:
            raise not_found()
        record.is_deleted = True

    def restore_record(self, user: User, record: Record) -> None:
        if record.owner is not user:
            raise not_found()
        record.is_deleted = False

    def settle(self, user: User, record: Record, other: User, key: str) -> bool:
        """Settle a record, and tell whether that was done before under the same key."""
        if record.owner is not user or record.is_deleted:
            raise not_found()
        source, to = self.primary(user), self.primary(other)
        is_asked_for = record.type == "debit"
        self.check(*((to, source) if is_asked_for else (source, to)), record.amount)
        mark = record, other
        known = self.settled.get((user, key))
        if known:
            if known != mark:
                raise Refused(422, "idempotency_key_reused")
            return True
        if record.standing not in (None, "declined", "cancelled"):
            raise conflict()
        if is_asked_for:
            record.by = Request(user, other, record.amount)
            self.requests.append(record.by)
        else:
            payment = "transfer", source, to, record.amount
            record.by = self.post(user, key, (*payment, record), payment)
        self.settled[user, key] = mark
        return False
