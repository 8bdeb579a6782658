<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Table\RevisionTable;
use Amobridge\Shop\Table\StateTable;
use Bitrix\Main\Application;

/**
 * Numbers that order the versions of everything the module shows. The highest number given is also noted in a file:
 * a database restored from a backup counts on from an old number, and only something outside it can tell.
 */
final class Revisions
{
    private const EVERY = 100;

    private ?string $epoch = null;

    public function __construct(private Clock $clock, private string $markFile)
    {
    }

    /** Call it after the dirty rows were read and before the object is loaded. */
    public function next(): string
    {
        $rev = (int) RevisionTable::add(['AT' => $this->clock->now()])->getId();
        $this->epoch ??= $this->readEpoch();
        $this->compareWithMark($rev);
        if ($rev % self::EVERY === 0) {
            // the newest row stays: some databases forget the counter of an empty table
            RevisionTable::deleteByFilter(['<ID' => $rev]);
        }

        return (string) $rev;
    }

    public function epoch(): string
    {
        return explode(':', $this->epoch ??= $this->readEpoch())[1];
    }

    /** "<number of the epoch>:<its random name>" */
    private function readEpoch(): string
    {
        return StateTable::read('epoch') ?? $this->beginEpoch(1);
    }

    private function beginEpoch(int $number): string
    {
        $epoch = $number . ':' . bin2hex(random_bytes(8));
        StateTable::write('epoch', $epoch);

        return $this->epoch = $epoch;
    }

    private function compareWithMark(int $rev): void
    {
        $number = (int) $this->epoch;
        [$markedNumber, $markedRev] = $this->readMark();
        if ($number < $markedNumber || ($number === $markedNumber && $rev < $markedRev && !$this->isRace($markedRev))) {
            $number = $markedNumber + 1;
            $this->beginEpoch($number);
            Journal::warn('The counter of revisions ran backwards; a new epoch began');
            $this->writeMark($number, $rev);
        } elseif ($number > $markedNumber || $rev > $markedRev) {
            $this->writeMark($number, $rev);
        }
    }

    /** Another hit took a higher number between our INSERT and our look at the mark. */
    private function isRace(int $markedRev): bool
    {
        return RevisionTable::getRow(['filter' => ['>=ID' => $markedRev], 'select' => ['ID']]) !== null;
    }

    /** @return array{int, int} */
    private function readMark(): array
    {
        $text = is_file($this->markFile) ? (string) file_get_contents($this->markFile) : '';
        $parts = explode(' ', trim($text));

        return [(int) $parts[0], (int) ($parts[1] ?? 0)];
    }

    private function writeMark(int $number, int $rev): void
    {
        $folder = dirname($this->markFile);
        if (is_dir($folder) || @mkdir($folder, 0755, true) || is_dir($folder)) {
            @file_put_contents($this->markFile, "{$number} {$rev}", LOCK_EX);
        }
    }

    /** Under /upload/, which every Bitrix site can write and no cache cleaning empties. */
    public static function defaultMarkFile(): string
    {
        return Application::getDocumentRoot() . '/upload/' . Settings::MODULE_ID . '/revision.txt';
    }
}
