"""How people show that they are one person: telephones, SMS gateways, and the settings of both and of sign-in."""
