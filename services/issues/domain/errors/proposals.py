"""What is refused about topics that people propose, and about the agenda."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class ProposalNotFound(NotFound):
    """The meeting has no such proposal."""

    title_zh = "没有这条议题建议"
    title_en = "No such proposal"


class NotOnTheRoster(Forbidden):
    """Topics are proposed by those who are invited, and by the office."""

    slug = "not-on-the-roster"
    title_zh = "只有参会代表和工作人员可以提出议题"
    title_en = "Topics are proposed by those who are invited, and by the office"


class ProposalDecided(Conflict):
    """A proposal is decided once."""

    slug = "proposal-decided"
    title_zh = "该议题建议已有结论"
    title_en = "The proposal was already decided"


class TooManyProposals(Conflict):
    """A meeting has room for so many proposals."""

    slug = "too-many-proposals"
    title_zh = "本次会议的议题建议已满，请提到下一次会议"
    title_en = "The meeting has too many proposals; propose it for the next one"


class OrderIncomplete(Invalid):
    """A new order names every item once."""

    slug = "order-incomplete"
    title_zh = "新的顺序须列出每一项议题各一次"
    title_en = "A new order names every item once"


class OnlyIdeasAreAdopted(Conflict):
    """To be adopted is for good ideas; complaints and requests are solved."""

    slug = "only-ideas-are-adopted"
    title_zh = "只有建议可以“采纳”，其他诉求须解决、派单、延期或答复"
    title_en = "Only proposals are adopted; other matters are solved, assigned, postponed or declined"
