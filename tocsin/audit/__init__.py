"""The audit: proves from the records alone that nothing was lost and nothing doubled.

It shares no code with the log it checks: SQLite is read as tables, Kafka through librdkafka (confluent-kafka), and it
runs in a process of its own (`python -m tocsin.audit`).
"""
