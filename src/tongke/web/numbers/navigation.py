"""Menu entries and palette actions of the number desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

SEE = "resource.view_numbers"
RUN = "resource.run_numbers"
ASSIGN = "resource.assign_number"
ENTRIES = [
    Entry(label=_("Number pools"), url="numbers", icon="gauge", group="work", permission=SEE, order=40,
          hint=_("How full the pools are and how long they last"), words="haoma haochi number pools 号码 号池 号线"),
    Entry(label=_("Find a number"), url="number-find", icon="list-search", group="work", permission=SEE, order=41,
          hint=_("By pattern, birthday, grade and price; hold it with one key"), words="xuanhao lianghao find number 选号 靓号 号码"),
    Entry(label=_("Holds"), url="number-holds", icon="hourglass", group="work", permission=SEE, order=42,
          hint=_("Numbers that are kept for orders"), words="yuzhan hold 预占 号码"),
    Entry(label=_("All numbers"), url="number-rows", icon="number", group="data", permission=RUN, order=50,
          hint=_("One row a number, by pool, state and grade"), words="haoma numbers 号码 清单"),
    Entry(label=_("Blocks of numbers"), url="number-blocks", icon="stack-2", group="data", permission=RUN, order=51,
          hint=_("What the regulator gave and who has which part"), words="haoduan block range 号段"),
    Entry(label=_("Ported numbers"), url="number-ported", icon="transfer", group="data", permission=RUN, order=53,
          hint=_("With other operators, or brought along from them"), words="xiehao zhuanwang port 携号转网 携入 携出"),
    Entry(label=_("Numbers by file"), url="number-files", icon="file-spreadsheet", group="data", permission=RUN, order=55,
          hint=_("Move, block, keep back or enter many at once"), words="piliang wenjian bulk file 批量 文件"),
    Entry(label=_("Fine numbers"), url="number-grades", icon="diamond", group="data", permission=SEE, order=52,
          hint=_("Patterns, prices, and which grade a number has"), words="lianghao dengji grade 靓号 等级"),
    Entry(label=_("Rules for numbers"), url="number-figures", icon="adjustments", group="data", permission=RUN, order=54,
          hint=_("How long numbers are held and cool, and how many one may hold"), words="guize policy yuzhan lengque 预占 冷却 规则"),
    Entry(label=_("Reservation rules"), url="reservation-figures", icon="adjustments", group="data", permission="resource.plan_network", order=58,
          hint=_("How long ports and stock are kept for an order"), words="guize policy yuliu 预留 规则 端口"),
]
ACTIONS = [
    Action(label=_("Find a number"), url="number-find", icon="list-search", permission=SEE, words="xuanhao lianghao 选号 靓号", homes=("number_desk",)),
    Action(label=_("Open a pool"), url="number-pool-new", icon="gauge", permission=RUN, words="haochi pool 号池"),
    Action(label=_("Record a block"), url="number-block-new", icon="stack-2", permission=RUN, words="haoduan block 号段"),
]
