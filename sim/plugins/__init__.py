"""Behaviour that a scenario names: update rules, sender strategies, mediator policies, answers.

One function in one file each; the file's name is the name in scenario files. ``contracts`` says
what each kind is given, ``registry`` finds plug-ins by name, ``outside`` reads those in files of
one's own.
"""
