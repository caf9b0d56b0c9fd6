"""The application: how does it run?"""
