import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person as the sign-in knows them; the only place where names live. */
@Entity('person')
export class PersonRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'text', name: 'subject' })
  subject!: string;

  @Column({ type: 'text', name: 'name' })
  name!: string;

  @Column({ type: 'text', name: 'email', nullable: true })
  email!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
