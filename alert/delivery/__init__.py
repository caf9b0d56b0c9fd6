"""Delivery: from alerts to receipts, each told once, whatever breaks. The worker is in `alert.delivery.worker`."""
