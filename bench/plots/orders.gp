# Orders each second over connections, beside a plain SQL client with as many connections.
load "common.gp"
set output ARG2
set title "Orders each second, beside those of a plain SQL client"
set xlabel "connections, or clients"
set logscale x 2
plot for [column = 2:3] ARG1 using 1:column with linespoints linewidth 2 pointtype 7
