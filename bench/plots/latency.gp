# How long orders take that come at a fixed rate, over that rate.
load "common.gp"
set output ARG2
set title "Orders that come at a fixed rate: how long from when each was due"
set xlabel "% of the highest rate"
set ylabel "milliseconds"
set xrange [20:95]
set yrange [1:*]
set logscale y 10
plot for [column = 2:6] ARG1 using 1:column with linespoints linewidth 2 pointtype 7
