"""What tests share: real servers, databases, fixtures. Never imported by the product."""
