"""What everybody may read of the desk, and the only way by which the portal reads it (decision 43).

Suggestions that are shown, replies and commitments that were released, and figures. Nothing of this package gives a
text that is pending or hidden, a person of the staff, an hour, or more of when a suggestion came than its week.
"""
