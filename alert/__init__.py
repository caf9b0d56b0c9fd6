"""Alert: who wants to know, and have they been told?"""
