"""The law of requests for disclosure (依申请公开) as data."""

from gongkai.law.requests.timing import Channel, Consultation, Provision, channel, channels, consultation, consultations, provision

__all__ = ["Channel", "Consultation", "Provision", "channel", "channels", "consultation", "consultations", "provision"]
