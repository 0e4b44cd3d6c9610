"""Names of the metrics where both languages stand side by side: on the letter, in refusals."""

ZH = {
    "trained": "培训合格",
    "certified": "取得证书",
    "employed": "实现就业",
    "local": "就地就近转移",
    "outward": "外出转移",
    "overseas": "境外转移",
}
EN = {
    "trained": "trained",
    "certified": "certified",
    "employed": "employed",
    "local": "transferred nearby",
    "outward": "transferred elsewhere",
    "overseas": "transferred overseas",
}
