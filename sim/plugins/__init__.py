"""Behaviour that a scenario names: update rules, sender strategies, mediator policies, answers.

One function in one file each; the file's name is the name in scenario files.
"""
