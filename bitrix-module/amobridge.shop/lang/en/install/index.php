<?php

$MESS['AMOBRIDGE_SHOP_NAME'] = 'Amobridge: the shop and amoCRM';
$MESS['AMOBRIDGE_SHOP_DESCRIPTION'] = 'Sends the orders of the shop to amoCRM and brings statuses back to the site, through the Amobridge service.';
$MESS['AMOBRIDGE_SHOP_PARTNER'] = 'Amobridge';
$MESS['AMOBRIDGE_SHOP_UNINSTALL'] = 'Removing the Amobridge module';
$MESS['AMOBRIDGE_SHOP_NEEDS_PHP'] = 'PHP #NEEDED# or newer is needed, this site has #HAVE#.';
$MESS['AMOBRIDGE_SHOP_NEEDS_MODULE'] = 'The module "#MODULE#" #NEEDED# or newer is needed. Update the site and install again.';
