"""Themes of governance."""

from grants.demo.themes.model import Theme
from grants.needs.rules import TargetGroup
from grants.rounds.rules import Category

GOVERNANCE: tuple[Theme, ...] = (
    Theme(
        key="parking",
        category=Category.GOVERNANCE,
        group=TargetGroup.ALL,
        strong_in="governance",
        needs=(
            (
                "小区停车太乱，晚上经常堵住消防通道",
                "我们小区车多位少，晚上七点以后消防通道全停满了。上个月三号楼有老人突发疾病，救护车进不来，是邻居们抬出去的。希望有人牵头大家坐下来商量一个停车办法。",
            ),
            (
                "楼下车位没有规则，邻居为停车吵了好几次",
                "每天为了一个车位闹矛盾，物业说管不了。能不能开个会，把规矩定下来？",
            ),
            ("电动车乱停乱充电，楼道里也放", "楼道里停着电动车，还从窗户拉线充电，实在不放心。"),
        ),
        title="停车有序·邻里共议",
        summary="以议事会为平台，组织车主、老人和物业共同制定停车公约，划出消防通道禁停线，试行错时共享车位。",
        objective="形成居民公认的停车公约，消防通道全天畅通，停车纠纷明显减少。",
        activities=("停车现状入户调查", "停车公约议事会", "消防通道划线行动", "错时停车试行说明会", "停车公约回头看"),
        people=260,
        yuan=52000,
    ),
    Theme(
        key="stairs",
        category=Category.GOVERNANCE,
        group=TargetGroup.ELDERLY,
        strong_in="space",
        needs=(
            (
                "老楼没有扶手，老人上下楼不安全",
                "我们这栋楼没有电梯，楼梯扶手断了几节，灯也不亮。八十多岁的老人下楼买菜要扶着墙走。",
            ),
            ("楼道灯坏了半年没人修", "四单元楼道灯坏了，晚上黑漆漆的，希望有个长期管的办法。"),
            ("楼道里堆满杂物", "楼道堆物挡住了路，说了也没人理。"),
        ),
        title="楼道自治·微更新",
        summary="在十个老旧单元组建楼栋自治小组，居民自己议、自己定、自己管，清理楼道堆物，修复扶手和照明，建立轮值制度。",
        objective="十个单元建立楼栋自治小组，楼道安全隐患清零并能长期保持。",
        activities=("楼栋骨干见面会", "楼道堆物集中清理日", "扶手与照明修复共建", "楼长议事培训", "最美楼道评议"),
        people=320,
        yuan=68000,
    ),
    Theme(
        key="dogs",
        category=Category.GOVERNANCE,
        group=TargetGroup.ALL,
        strong_in="law",
        needs=(
            (
                "养狗不拴绳，孩子老人都害怕",
                "小区里大型犬不拴绳，孩子放学都不敢自己走。希望养狗和不养狗的邻居一起定个文明养犬公约。",
            ),
            ("狗粪没人清理", "草坪上到处是狗粪，夏天味道很大。"),
        ),
        title="文明养犬·公约同行",
        summary="由养犬居民自发组成宠物自治小组，制定文明养犬公约，设置拾便箱，开展文明养犬课堂和调解。",
        objective="公约知晓率达到九成，养犬投诉较上年下降一半。",
        activities=("养犬公约圆桌会", "拾便箱认领仪式", "文明养犬课堂", "犬只免疫登记便民日"),
        people=210,
        yuan=32000,
    ),
    Theme(
        key="fire",
        category=Category.GOVERNANCE,
        group=TargetGroup.ALL,
        strong_in="safety",
        needs=(
            ("老小区消防器材过期，居民不会用灭火器", "楼里的灭火器是十年前的，真着火了谁都不会用。希望能教教大家。"),
            ("独居老人家里用电不安全", "隔壁老人家电线老化，插线板叠着用，看着就怕。"),
        ),
        title="平安楼栋·应急先锋",
        summary="为每个网格培养应急骨干，开展入户用电用气检查、灭火实操和疏散演练，建立楼栋应急联络表。",
        objective="每个网格有三名以上应急骨干，独居老人家庭安全隐患排查全覆盖。",
        activities=("应急骨干训练营", "独居老人家庭安全排查", "灭火实操演练", "楼栋疏散演练", "电动车消防安全宣讲"),
        people=480,
        yuan=56000,
    ),
    Theme(
        key="mediation",
        category=Category.GOVERNANCE,
        group=TargetGroup.ALL,
        strong_in="law",
        needs=(
            ("漏水纠纷一年多没解决", "楼上漏水，两家为谁出钱吵了一年多。希望有懂法律又讲人情的人来调解。"),
            ("广场舞音乐太吵", "早上六点就放音乐，孩子要考试，沟通过几次都不欢而散。"),
        ),
        title="老娘舅调解工作室",
        summary="退休法官、律师和热心老居民联合坐班，为邻里纠纷提供就近调解和法律咨询，形成“一案一档”。",
        objective="邻里纠纷七日内响应，调解成功率达到八成五以上。",
        activities=("调解员培训", "每周坐班调解", "普法进楼道", "典型案例分享会"),
        people=230,
        yuan=45000,
    ),
    Theme(
        key="talk",
        category=Category.GOVERNANCE,
        group=TargetGroup.ALL,
        strong_in="governance",
        needs=(
            ("想有个地方说事，议事会总是走过场", "开会就是听报告，我们的意见没人记。希望议事有规矩，说了算数。"),
            ("业委会和物业说不到一起", "业委会、物业和居委会各说各的，居民夹在中间。"),
        ),
        title="议事学堂·协商在楼下",
        summary="推广议事规则，培养议事主持人，围绕居民最关心的事开展协商，让每一次议事都有记录、有表决、有回音。",
        objective="培养议事主持人二十名，完成协商议题十二项并全部公开结果。",
        activities=("议事规则工作坊", "主持人培训", "楼下协商日", "三方联席会", "协商成果展"),
        people=300,
        yuan=60000,
    ),
    Theme(
        key="waste",
        category=Category.GOVERNANCE,
        group=TargetGroup.ALL,
        strong_in="garden",
        needs=(
            ("垃圾分类点气味大，时间也不合适", "垃圾投放点早上九点就关，上班族来不及。夏天味道特别大。"),
            ("装修垃圾没地方放", "装修垃圾堆在绿化带里，没人管。"),
        ),
        title="垃圾分类·居民管家",
        summary="居民自治小组协商投放时间和点位，招募垃圾分类管家，开展旧物交换和堆肥体验。",
        objective="居民分类准确率提升到九成，投放点投诉归零。",
        activities=("投放时间协商会", "分类管家上岗", "旧物交换集市", "厨余堆肥体验"),
        people=350,
        yuan=48000,
    ),
)
