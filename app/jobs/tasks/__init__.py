"""What runs by itself, a module a job; each opens its own transactions and says in one line what it did."""
