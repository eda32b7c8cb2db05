"""The people of the demo: three whom everybody may be, and customers who never sign in."""

from accounts.models import Role, User
from bookings.customer import Contact
from theaters.models import Theater
from theaters.staff import Duty, StaffMember

PASSWORD = "popcorn-for-two"
# username, full name, role, and what to say of them beside the password.
LOGINS = [
    ("ada", "Ada Winter", Role.CUSTOMER, "customer"),
    ("max", "Max Behrend", Role.MANAGER, "manager of the two Berlin theaters"),
    ("admin", "Grace Marlow", Role.ADMIN, "admin"),
]
# Who sells and who scans: by theater, username, full name and duty. They sign in nowhere yet.
STAFF = [
    ("sternpalast", "noor", "Noor Abdallah", Duty.BOX_OFFICE),
    ("sternpalast", "pavel", "Pavel Novák", Duty.DOOR),
    ("sternpalast", "selma", "Selma Brandt", Duty.DOOR),
    ("kino-am-kanal", "selma", "Selma Brandt", Duty.BOX_OFFICE),
    ("kino-am-kanal", "tom", "Tom Wieland", Duty.DOOR),
    ("the-halcyon", "olivia", "Olivia Reyes", Duty.BOX_OFFICE),
    ("the-halcyon", "marcus", "Marcus Bell", Duty.DOOR),
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


def load_staff():
    """Put the people of the box offices and the doors where they work."""
    for slug, username, name, duty in STAFF:
        _account(username, name)
        StaffMember.objects.create(
            theater=Theater.objects.get(slug=slug),
            user=User.objects.known_as(username),
            duty=duty,
        )


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
