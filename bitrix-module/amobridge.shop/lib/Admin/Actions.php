<?php

declare(strict_types=1);

namespace Amobridge\Shop\Admin;

use Amobridge\Shop\Agent;
use Amobridge\Shop\Exchange\PairingFailed;
use Amobridge\Shop\Exchange\Sender;
use Amobridge\Shop\Exchange\ServiceUrl;
use Amobridge\Shop\Module;
use Amobridge\Shop\Schema;
use Amobridge\Shop\Settings;
use Amobridge\Shop\Subscriptions;
use Bitrix\Main\HttpRequest;

/** The buttons of the module's two admin pages. */
final class Actions
{
    public function __construct(private Module $module)
    {
    }

    /** The kernel checks neither right nor token for us; without both nothing is done. */
    public static function mayAct(string $right, HttpRequest $request): bool
    {
        return $right === 'W' && $request->isPost() && check_bitrix_sessid();
    }

    public function run(HttpRequest $request): Notice
    {
        try {
            return match ((string) $request->getPost('amobridge_action')) {
                'save' => $this->save($request),
                'pair' => $this->pair($request),
                'offer' => $this->offer($request),
                'unpair' => $this->unpair(),
                'moved' => $this->moved($request),
                'copy' => $this->copy(),
                'repair' => $this->repair(),
                'resend' => $this->resend(),
                default => Notice::failed('UNKNOWN'),
            };
        } catch (PairingFailed $failure) {
            return Notice::failed('PAIR_' . strtoupper($failure->reason), $failure->getMessage());
        }
    }

    private function save(HttpRequest $request): Notice
    {
        $siteUrl = ServiceUrl::parse((string) $request->getPost('site_url'), true);
        if ($siteUrl === null) {
            return Notice::failed('SITE_URL');
        }
        $this->module->settings->setSiteUrl($siteUrl);
        $this->module->settings->setTicks(array_filter((array) $request->getPost('ticks'), 'is_string'));
        $this->module->settings->setRespectsLocks($request->getPost('respect_locks') === 'Y');

        return Notice::done('SAVED');
    }

    private function pair(HttpRequest $request): Notice
    {
        $this->ensureSiteUrl($request);
        $this->module->pairing->spend((string) $request->getPost('pairing_code'));

        return Notice::done('PAIRED');
    }

    /** The only time a secret is shown: it has to be carried to the other side by hand. */
    private function offer(HttpRequest $request): Notice
    {
        $this->ensureSiteUrl($request);

        return Notice::done('OFFERED', $this->module->pairing->offer(trim((string) $request->getPost('connection'))));
    }

    private function unpair(): Notice
    {
        $this->module->settings->unpair();

        return Notice::done('UNPAIRED');
    }

    private function moved(HttpRequest $request): Notice
    {
        $this->module->settings->setSiteUrl(self::addressOf($request));
        $this->module->installation->settleHere();

        return Notice::done('MOVED');
    }

    private function copy(): Notice
    {
        $this->module->installation->becomeCopy();

        return Notice::done('COPY');
    }

    /** Tables, subscriptions and the agent as after a fresh install; a module copied by hand gets them this way. */
    private function repair(): Notice
    {
        Schema::install();
        Subscriptions::register();
        Agent::add();

        return Notice::done('REPAIRED');
    }

    private function resend(): Notice
    {
        $this->module->outbox->forgiveRejected();
        Sender::arm();

        return Notice::done('RESENT');
    }

    private function ensureSiteUrl(HttpRequest $request): void
    {
        if ($this->module->settings->siteUrl() === '') {
            $this->module->settings->setSiteUrl(self::addressOf($request));
        }
    }

    public static function addressOf(HttpRequest $request): string
    {
        return ($request->isHttps() ? 'https://' : 'http://') . $request->getHttpHost();
    }

    /** @return array<string, bool> family => ticked */
    public function ticks(): array
    {
        $ticked = $this->module->settings->ticks();

        return array_combine(
            Settings::FAMILIES,
            array_map(static fn (string $family): bool => in_array($family, $ticked, true), Settings::FAMILIES)
        );
    }
}
