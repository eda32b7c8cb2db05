"""What we write to people about their bookings: bookings and payments put down that it is due."""
