"""All the SQL: one file a subject, over one writer and read-only readers."""

from guildwatch.store.activity import ActivityCounts, HourCount
from guildwatch.store.amendments import Amendment, Amendments, Recheck
from guildwatch.store.answers import Answer, Answers
from guildwatch.store.backup import BackupSummary, back_up, expire_backups
from guildwatch.store.breaks import Breaks
from guildwatch.store.calibration import Calibration
from guildwatch.store.contents import Contents, Extent
from guildwatch.store.conversations import Conversations
from guildwatch.store.errors import DamagedError, OddRowError, StoreError
from guildwatch.store.explaining import way_out
from guildwatch.store.gaps import Gaps
from guildwatch.store.guilds import Guilds
from guildwatch.store.holdings import Holding
from guildwatch.store.homes import Homes
from guildwatch.store.incidents import Incidents
from guildwatch.store.integrity import check_integrity
from guildwatch.store.ledger import Ledger
from guildwatch.store.messages import Applied, Found, Messages
from guildwatch.store.purging import Purge
from guildwatch.store.reports import Reports, StoredReport
from guildwatch.store.retention import Retention
from guildwatch.store.rights import Erased, Rights
from guildwatch.store.settings import Settings
from guildwatch.store.shown import Shown
from guildwatch.store.sizes import Sizes
from guildwatch.store.store import Store
from guildwatch.store.sweeps import Round

__all__ = [
    "ActivityCounts",
    "Amendment",
    "Amendments",
    "Answer",
    "Answers",
    "Applied",
    "BackupSummary",
    "Breaks",
    "Calibration",
    "Contents",
    "Conversations",
    "DamagedError",
    "Erased",
    "Extent",
    "Found",
    "Gaps",
    "Guilds",
    "Holding",
    "Homes",
    "HourCount",
    "Incidents",
    "Ledger",
    "Messages",
    "OddRowError",
    "Purge",
    "Recheck",
    "Reports",
    "Retention",
    "Rights",
    "Round",
    "Settings",
    "Shown",
    "Sizes",
    "Store",
    "StoreError",
    "StoredReport",
    "back_up",
    "check_integrity",
    "expire_backups",
    "way_out",
]
