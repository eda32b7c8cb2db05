"""The people of the demo: three whom everybody may be, and customers who never sign in."""

from accounts.models import Role, User
from bookings.customer import Contact

PASSWORD = "popcorn-for-two"
# username, full name, role, and what to say of them beside the password.
LOGINS = [
    ("ada", "Ada Winter", Role.CUSTOMER, "customer"),
    ("max", "Max Behrend", Role.MANAGER, "manager of the two Berlin theaters"),
    ("admin", "Grace Marlow", Role.ADMIN, "admin"),
]
CUSTOMERS = [
    ("bruno", "Bruno Keller"),
    ("chiara", "Chiara Lombardi"),
    ("deniz", "Deniz Aydın"),
    ("emma", "Emma Thornton"),
    ("farah", "Farah Haddad"),
    ("gustav", "Gustav Lindholm"),
    ("hanna", "Hanna Petersen"),
    ("ivan", "Ivan Petrov"),
    ("june", "June Castellano"),
    ("kofi", "Kofi Mensah"),
    ("linh", "Linh Nguyen"),
    ("mateo", "Mateo Vargas"),
]
GUESTS = [
    "Rosa Engel",
    "Samuel Ortiz",
    "Tilda Moreau",
    "Umut Kaya",
    "Valerie Stein",
    "Wesley Grant",
    "Yuki Arai",
    "Zara Quinn",
]


def load_people() -> list[User]:
    """Make the demo's accounts; a username that is there already is left alone."""
    for username, name, role, _ in LOGINS:
        _account(username, name, password=PASSWORD, role=role)
    for username, name in CUSTOMERS:
        _account(username, name)
    return customers()


def _account(username, name, **fields):
    if not User.objects.known_as(username):
        User.objects.create_user(username, f"{username}@example.com", full_name=name, **fields)


def customers() -> list[User]:
    """Those who buy tickets in the demo, apart from Ada."""
    return list(User.objects.filter(username__in=[username for username, _ in CUSTOMERS]))


def contact_of(user: User) -> Contact:
    return Contact(name=user.full_name, email=user.email, phone=user.phone)


def guest(name: str) -> Contact:
    """Somebody without an account."""
    return Contact(name=name, email=f"{name.lower().replace(' ', '.')}@example.org")
