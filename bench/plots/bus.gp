# Calls each second over calls in flight: the broker beside what could stand in its place.
load "common.gp"
set output ARG2
set title "Calls each second from one client, beside a bare proxy and nats"
set xlabel "calls in flight"
set logscale x 2
plot for [column = 2:6] ARG1 using 1:column with linespoints linewidth 2 pointtype 7
