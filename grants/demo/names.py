"""Names of made-up people and places. Any likeness to real ones is chance."""

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
OLDER_WOMEN = (
    "桂兰 秀英 玉珍 淑芬 凤英 桂英 秀兰 素珍 月娥 美华 玉兰 金凤 春梅 爱珍 惠芳 瑞芳 素梅 翠萍 雅琴 根娣".split()
)
OLDER_MEN = (
    "建国 国强 德明 永福 志明 金根 树林 长发 友根 文忠 光荣 福生 正元 阿兴 宝根 连生 启明 庆祥 世昌 家林".split()
)
WOMEN = "敏 静 丽华 晓燕 雪梅 海燕 丹 倩 婷婷 慧 文娟 佳怡 梦琪 思雨 欣怡 雅婷 诗涵 子萱 颖 露".split()
MEN = "伟 强 磊 军 勇 杰 涛 鹏 志刚 建华 俊杰 浩然 宇轩 子豪 博文 晨 立新 海波 振宇 凯".split()
RARE = ("龑", "赟", "翀", "玥", "堃", "昉")
"""Characters that a few real names have and poor fonts lack."""

STREET = ("990101001000", "梧桐街道")
COMMUNITIES = (
    ("银杏社区", 8600, 6),
    ("丹桂社区", 7900, 6),
    ("玉兰社区", 8200, 6),
    ("海棠社区", 6400, 5),
    ("香樟社区", 7600, 6),
    ("紫藤社区", 5900, 5),
    ("翠竹社区", 8100, 6),
    ("清荷社区", 6800, 6),
    ("望江社区", 7300, 6),
    ("桥北社区", 6900, 5),
    ("文昌社区", 7200, 6),
    ("东风新村社区", 5500, 5),
)
"""Community, residents, grids: 12 communities, 68 grids, 86,400 residents."""

ESTATES = (
    "枫林苑 和平里 新华小区 锦绣家园 阳光花园 金桥公寓 春晓苑 南苑小区 纺织新村 安居苑 湖畔人家 机械厂宿舍".split()
)

EXPERTS = (
    ("顾文渊", "社会工作", False),
    ("沈若兰", "社区治理", False),
    ("陆景明", "财务会计", True),
    ("韩春晓", "养老服务", False),
    ("邵立德", "公益慈善", False),
    ("方怡", "青少年工作", False),
    ("钟毓秀", "财务审计", True),
)
STAFF = (
    ("community-1", "community", "许红梅"),
    ("community-2", "community", "蒋建平"),
    ("community-3", "community", "陶丽君"),
    ("programme-1", "programme", "林知远"),
    ("programme-2", "programme", "苏婉清"),
    ("finance-1", "finance", "郑守信"),
    ("finance-2", "finance", "何静之"),
    ("leader-1", "approver", "赵启航"),
    ("leader-2", "approver", "秦牧之"),
    ("supervisor-1", "supervisor", "罗正清"),
    ("admin-1", "admin", "叶维安"),
)
"""Cast of the office: login, role, name."""
