<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Revisions;
use Amobridge\Shop\Table\RevisionTable;
use Amobridge\Shop\Table\StateTable;

final class RevisionsTest extends ShopCase
{
    public function testNumbersOnlyRiseAndTheTableStaysSmall(): void
    {
        $epoch = $this->module->revisions->epoch();
        $last = 0;
        for ($count = 0; $count < 250; $count++) {
            $rev = (int) $this->module->revisions->next();
            self::assertGreaterThan($last, $rev);
            $last = $rev;
        }

        self::assertSame($epoch, $this->fresh()->epoch());
        self::assertLessThanOrEqual(100, RevisionTable::getCount());
    }

    public function testACounterThatRanBackwardsBeginsANewEpoch(): void
    {
        RevisionTable::add(['ID' => 500, 'AT' => self::NOW]);
        $this->module->revisions->next();
        $epoch = $this->module->revisions->epoch();
        $this->restoreBackup(200, null);
        $restored = $this->fresh();
        $rev = $restored->next();

        self::assertSame('201', $rev);
        self::assertNotSame($epoch, $restored->epoch());
        $second = $restored->epoch();
        $restored->next();
        self::assertSame($second, $this->fresh()->epoch(), 'once, not at every number');
    }

    public function testRestoringTheSameBackupTwiceMakesTwoEpochs(): void
    {
        RevisionTable::add(['ID' => 500, 'AT' => self::NOW]);
        $this->module->revisions->next();
        $backup = (string) StateTable::read('epoch');
        $epochs = [$this->module->revisions->epoch()];
        for ($count = 0; $count < 2; $count++) {
            $this->restoreBackup(200, $backup);
            $restored = $this->fresh();
            $restored->next();
            $epochs[] = $restored->epoch();
        }

        self::assertCount(3, array_unique($epochs));
    }

    private function fresh(): Revisions
    {
        return new Revisions($this->module->clock, Revisions::defaultMarkFile());
    }

    private function restoreBackup(int $rev, ?string $epoch): void
    {
        RevisionTable::getEntity()->getConnection()->dropTable(RevisionTable::getTableName());
        RevisionTable::getEntity()->createDbTable();
        RevisionTable::add(['ID' => $rev, 'AT' => self::NOW]);
        if ($epoch !== null) {
            StateTable::write('epoch', $epoch);
        }
    }
}
